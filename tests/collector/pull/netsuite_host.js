// What NetSuite is to a user event script, as far as the sender needs it. Runs the script over the cases on standard input
// and prints, for each, the requests it made and what it logged.
const crypto = require("crypto");
const fs = require("fs");
const vm = require("vm");

const { script, cases } = JSON.parse(fs.readFileSync(0, "utf8"));
const NOW = 1775120400000;
class FixedDate extends Date {
  constructor(...given) { super(...(given.length ? given : [NOW])); }
  static now() { return NOW; }
}

const makeRecord = (told) => ({
  type: told.type,
  id: told.id,
  getValue: ({ fieldId }) => {
    const value = told.fields?.[fieldId];
    return value && value.date ? new FixedDate(...value.date) : value;
  },
  getText: ({ fieldId }) => told.texts?.[fieldId],
  getLineCount: ({ sublistId }) => told.sublists?.[sublistId]?.length ?? -1,
  getSublistValue: ({ sublistId, fieldId, line }) => told.sublists[sublistId][line][fieldId],
});

const run = (one) => {
  const said = { requests: [], logged: [] };
  const answers = [...(one.answers ?? [200])];
  const modules = {
    "N/https": { post: (request) => {
      said.requests.push(request);
      const code = answers.shift();
      if (code === "throw") throw Object.assign(new Error("no"), { name: "SSS_REQUEST_TIME_EXCEEDED" });
      return { code };
    } },
    "N/runtime": { accountId: "5501234", getCurrentScript: () => ({
      getParameter: ({ name }) => ({
        custscript_billtrail_url: "https://billtrail.example/v1/sources/netsuite",
        custscript_billtrail_secret: "custsecret_billtrail",
      })[name],
    }) },
    "N/record": { load: () => makeRecord(one.loaded) },
    "N/crypto": {
      HashAlg: { SHA256: "SHA256" },
      createSecretKey: ({ secret }) => ({ custsecret_billtrail: "hush" })[secret],
      createHmac: ({ key }) => {
        const hmac = crypto.createHmac("sha256", key);
        return { update: ({ input }) => hmac.update(input, "utf8"), digest: () => hmac.digest("hex").toUpperCase() };
      },
    },
    "N/crypto/random": { generateUUID: () => "6f2b7c1e-0000-4000-8000-000000000004" },
    "N/encode": { Encoding: { UTF_8: "UTF_8", HEX: "HEX" } },
    "N/log": { error: (entry) => said.logged.push(entry) },
  };
  let sender;
  const define = (names, factory) => { sender = factory(...names.map((name) => modules[name])); };
  vm.runInNewContext(fs.readFileSync(script, "utf8"), { define, Date: FixedDate });
  sender.afterSubmit({
    type: one.operation,
    UserEventType: { DELETE: "delete", XEDIT: "xedit" },
    newRecord: one.record && makeRecord(one.record),
    oldRecord: one.old && makeRecord(one.old),
  });
  return said;
};

process.stdout.write(JSON.stringify(cases.map(run)));
