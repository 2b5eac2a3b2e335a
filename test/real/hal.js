/*
 * hal.js PORT FILE: the HAL server that test_hal.py asks.  Halacious makes the
 * index, the links and the embedded resources; what is here is only which
 * collections there are.  FILE: JSON, {"people": [...], "films": [...]}.
 */
'use strict';

const fs = require('fs');
const Hapi = require('hapi');
const Vision = require('vision');
const Halacious = require('halacious');

const PAGE = 25;
const [port, file] = process.argv.slice(2);
const data = JSON.parse(fs.readFileSync(file, 'utf8'));

function collection(server, name) {
	server.route({
		method: 'get',
		path: `/${name}`,
		config: {
			handler: (request, reply) => {
				const page = Number(request.query.page || 1);
				const rows = data[name];
				reply({
					page, total: rows.length, last: page * PAGE >= rows.length,
					items: rows.slice((page - 1) * PAGE, page * PAGE),
				});
			},
			plugins: {
				hal: {
					api: `shop:${name}`,
					prepare: (rep, next) => {
						const { page, last, items } = rep.entity;
						rep.ignore('items', 'last');
						for (const item of items)
							rep.embed(`shop:${name}`, `/${name}/${item.id}`, item);
						if (!last)
							rep.link('next', `/${name}?page=${page + 1}`);
						next();
					},
				},
			},
		},
	});
	server.route({
		method: 'get',
		path: `/${name}/{id}`,
		handler: (request, reply) => {
			const row = data[name].find((one) => String(one.id) === request.params.id);

			return row ? reply(row) : reply({ message: 'no such thing' }).code(404);
		},
	});
}

async function main() {
	const server = new Hapi.Server();
	server.connection({ host: '127.0.0.1', port: Number(port) });
	await server.register([Vision, Halacious]);
	const shop = server.plugins.halacious.namespaces.add({
		name: 'shop', description: 'a shop', prefix: 'shop' });
	for (const name of Object.keys(data)) {
		shop.rel({ name, description: name });
		collection(server, name);
	}
	await server.start();
}

main();
