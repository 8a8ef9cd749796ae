// A certified OpenID provider with people of its own: `node provider.mjs PORT CLIENTS-REDIRECT`. Anybody signs in by their name alone.
// Who they are is in the name: `ann` has the verified e-mail ann@example.org; `ann+unverified` an e-mail that nobody has verified;
// `ann@corp.example` that e-mail; `ann+admins` is in the group admins; `ann=eve` has Ann's e-mail and is somebody else.
// Any program may register itself, and ask for the scope `tools` at a server on this machine: so it guards MCP servers, too.

import Provider, { errors } from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;

function claims(id) {
  const [who] = id.split("=");
  const [name, ...marks] = who.split("+");
  return {
    sub: id,
    name: name.split("@")[0],
    email: name.includes("@") ? name : `${name}@example.org`,
    email_verified: !marks.includes("unverified"),
    groups: marks.filter((mark) => mark !== "unverified"),
  };
}

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "olamchat",
      client_secret: "the secret of the client, which nobody else knows",
      redirect_uris: [redirect],
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  pkce: { required: () => true },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
  scopes: ["openid", "email", "profile", "groups", "tools"],
  features: {
    registration: { enabled: true },
    revocation: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_context, resource) => {
        if (!resource.startsWith("http://127.0.0.1:")) throw new errors.InvalidTarget();
        return { scope: "tools", accessTokenFormat: "opaque", accessTokenTTL: 600 };
      },
      useGrantedResource: () => true,
    },
  },
  issueRefreshToken: (_context, client) => client.grantTypeAllowed("refresh_token"),
  findAccount: (_context, id) => ({ accountId: id, claims: () => claims(id) }),
  cookies: { keys: ["only for tests"] },
  ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
});

provider.listen(Number(port), "127.0.0.1", () => console.log("Ready"));
