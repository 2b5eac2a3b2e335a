/*
 * oauth.mjs PORT: the authorization server that test_oauth.py asks,
 * oidc-provider, and an API that takes its access tokens.  oidc-provider makes
 * the tokens, rotates refresh tokens, and revokes the whole grant when one
 * comes twice; what is here is a client, an account, and switches:
 *
 *	/api/things			rows, for whoever has a good access token
 *	/_seed				a refresh token, as of somebody who authorized before
 *	/_delay?ms=N		answers of the token endpoint come so much later, after
 *						all has been done
 *	/_expire			the API takes no access token of before
 *	/_log				{grant, status, error} of each token request
 */
import Provider from 'oidc-provider';

const port = Number(process.argv[2]);
const scope = 'openid offline_access';
const live = new Set();
let log = [];
let delay = 0;

const provider = new Provider(`http://127.0.0.1:${port}`, {
	clients: [{
		client_id: 'real client', client_secret: 'real:S3CRET/%&+',
		grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
		redirect_uris: ['http://localhost/'], application_type: 'native',
		token_endpoint_auth_method: 'client_secret_basic',
	}],
	findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
	features: { clientCredentials: { enabled: true }, devInteractions: { enabled: true } },
	rotateRefreshToken: true,
	issueRefreshToken: () => true,
	scopes: ['openid', 'offline_access'],
	ttl: { AccessToken: 3600, RefreshToken: 86400, Grant: 86400, Interaction: 600, Session: 600, ClientCredentials: 3600 },
});

for (const kind of ['access_token', 'client_credentials'])
	provider.on(`${kind}.saved`, (token) => live.add(token.jti));

async function seed() {
	const client = await provider.Client.find('real client');
	const grant = new provider.Grant({ clientId: client.clientId, accountId: 'somebody' });

	grant.addOIDCScope(scope);
	const grantId = await grant.save();
	return new provider.RefreshToken({
		client, accountId: 'somebody', grantId, scope, gty: 'authorization_code',
	}).save();
}

async function isGood(header) {
	const value = (header || '').replace(/^Bearer /, '');
	const token = await provider.AccessToken.find(value) ||
		await provider.ClientCredentials.find(value);

	return token !== undefined && live.has(token.jti);
}

const switches = {
	'/_seed': async () => ({ refresh_token: await seed() }),
	'/_delay': (query) => { delay = Number(query.ms); },
	'/_expire': () => { live.clear(); },
	'/_log': () => { const told = log; log = []; return told; },
};

provider.use(async (ctx, next) => {
	if (switches[ctx.path]) {
		ctx.body = await switches[ctx.path](ctx.query) ?? {};
		return;
	}
	if (ctx.path === '/api/things') {
		if (await isGood(ctx.get('authorization')))
			ctx.body = [1, 2, 3].map((id) => ({ id }));
		else {
			ctx.status = 401;
			ctx.body = { error: 'invalid_token' };
		}
		return;
	}
	await next();
	if (ctx.path === '/token') {
		log.push({ grant: ctx.oidc?.params?.grant_type, status: ctx.status, error: ctx.body?.error });
		if (delay > 0)
			await new Promise((done) => { setTimeout(done, delay); });
	}
});

provider.listen(port, '127.0.0.1');
