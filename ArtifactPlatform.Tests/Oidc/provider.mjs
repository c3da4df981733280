// A certified OpenID Connect provider on 127.0.0.1, whose sign-in page believes whatever address is typed. Prints its
// issuer when it listens, and ends when its standard input does. Settings come as JSON in the environment.
import { randomBytes, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const { clients } = JSON.parse(process.env.PROVIDER);
const server = createServer();
await new Promise(listening => server.listen(0, "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const provider = new Provider(issuer, {
  clients,
  jwks: { keys: [{ ...key, use: "sig", alg: "RS256", kid: randomBytes(8).toString("hex") }] },
  cookies: { keys: [randomBytes(32).toString("hex")] },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  // Most providers put the address into the identity token, and do not make clients ask for it.
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  // "kim@example.com#2" is another person who has the address now; "unverified-…" has not shown that it is theirs.
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id.split("#")[0], email_verified: !id.startsWith("unverified-"), name: "Name at Provider" }),
  }),
  loadExistingGrant: async context => {
    const grant = new context.oidc.provider.Grant({ clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  },
});

const page = `<!doctype html><title>Test provider</title><form method="post"><label>Address <input name="login" autofocus></label> <button>Continue</button></form>`;

const read = async request => {
  let text = "";
  for await (const part of request) {
    text += part;
  }
  return new URLSearchParams(text);
};

const handle = provider.callback();
server.on("request", async (request, response) => {
  if (!request.url.startsWith("/interaction/")) {
    handle(request, response);
  } else if (request.method === "POST") {
    await provider.interactionFinished(request, response, { login: { accountId: (await read(request)).get("login") } });
  } else {
    response.setHeader("content-type", "text/html").end(page);
  }
});

process.stdin.resume().on("end", () => process.exit());
console.log(`listening ${issuer}`);
