// node yaml2json.js MODULES FILE: prints a YAML document as JSON, for
// packages that publish their description as YAML.
const { readFileSync } = require("fs");
const [, , modules, file] = process.argv;
const { parse } = require(`${modules}/@stoplight/yaml`);

process.stdout.write(JSON.stringify(parse(readFileSync(file, "utf8"))));
