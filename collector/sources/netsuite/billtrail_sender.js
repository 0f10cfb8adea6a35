/**
 * Sends what happens to projects, time, charges, invoices and payments to Billtrail, by its published contract
 * (collector/sources/README.md): one CloudEvent a request, signed.
 *
 * Deploy as a user event script on Project (job), Time (timebill), Charge, Invoice and Customer Payment. Script parameters:
 * custscript_billtrail_url (the door, https://…/v1/sources/netsuite) and custscript_billtrail_secret (an API secret's id).
 * A post that fails is tried once more, signed anew; then it is logged under the title "billtrail: not sent", with the whole
 * event, to be sent again with the id it has. Saving the record never fails for it.
 *
 * @NApiVersion 2.1
 * @NScriptType UserEventScript
 */
define(["N/https", "N/runtime", "N/record", "N/crypto", "N/crypto/random", "N/encode", "N/log"],
  (https, runtime, records, crypto, random, encode, log) => {
    const OPERATIONS = { create: "created", edit: "changed", xedit: "changed", delete: "deleted", approve: "changed" };
    const ATTEMPTS = 2;

    const text = (record, field) => String(record.getValue({ fieldId: field }) ?? "");
    const name = (record, field) => String(record.getText({ fieldId: field }) ?? "");

    // A date of NetSuite is midnight where the server is: only its day counts.
    const day = (record, field) => {
      const value = record.getValue({ fieldId: field });
      if (!(value instanceof Date)) return "";
      const two = (number) => String(number).padStart(2, "0");
      return `${value.getFullYear()}-${two(value.getMonth() + 1)}-${two(value.getDate())}`;
    };

    const readLines = (record, sublist, fields) => {
      const count = Math.max(record.getLineCount({ sublistId: sublist }), 0);
      return Array.from({ length: count }, (_, line) => Object.fromEntries(Object.entries(fields).map(
        ([key, fieldId]) => [key, String(record.getSublistValue({ sublistId: sublist, fieldId, line }) ?? "")])));
    };

    const describe = (record) => {
      const data = {
        accountId: runtime.accountId, recordType: record.type, internalId: String(record.id),
        externalId: text(record, "externalid"), tranId: text(record, "tranid"), project: text(record, "job"),
        contractId: text(record, "custbody_crm_contract") || text(record, "custentity_crm_contract"),
        customer: name(record, "entity"), subsidiary: name(record, "subsidiary"), currency: name(record, "currency"),
        stage: name(record, "stage"), amount: text(record, "amount"),
        total: text(record, "total") || text(record, "payment"), dueDate: day(record, "duedate"),
      };
      if (record.type === "invoice") {
        data.lines = readLines(record, "item", { project: "job", charge: "charge", amount: "amount" });
      }
      if (record.type === "customerpayment") {
        data.applied = readLines(record, "apply", { apply: "apply", invoice: "internalid", amount: "amount" })
          .filter((line) => line.apply === "true").map(({ invoice, amount }) => ({ invoice, amount }));
      }
      return data;
    };

    const sign = (secret, seconds, body) => {
      const key = crypto.createSecretKey({ secret, encoding: encode.Encoding.UTF_8 });
      const hmac = crypto.createHmac({ algorithm: crypto.HashAlg.SHA256, key });
      hmac.update({ input: `${seconds}.${body}`, inputEncoding: encode.Encoding.UTF_8 });
      return `t=${seconds},v1=${hmac.digest({ outputEncoding: encode.Encoding.HEX }).toLowerCase()}`;
    };

    // Answers "" when the event was taken, else why not. What is refused for good is not sent again.
    const post = (script, body) => {
      let reason = "";
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        try {
          const seconds = Math.floor(Date.now() / 1000);
          const response = https.post({
            url: script.getParameter({ name: "custscript_billtrail_url" }),
            body,
            headers: {
              "Content-Type": "application/cloudevents+json",
              "Billtrail-Signature": sign(script.getParameter({ name: "custscript_billtrail_secret" }), seconds, body),
            },
          });
          if (response.code < 300) return "";
          reason = String(response.code);
          if (response.code < 500 && response.code !== 429) return reason;
        } catch (error) {
          reason = error.name;
        }
      }
      return reason;
    };

    const afterSubmit = (context) => {
      let record = context.type === context.UserEventType.DELETE ? context.oldRecord : context.newRecord;
      // An inline edit knows the changed field and nothing else.
      if (context.type === context.UserEventType.XEDIT) record = records.load({ type: record.type, id: record.id });
      const body = JSON.stringify({
        specversion: "1.0", id: random.generateUUID(), source: `/netsuite/${runtime.accountId}`,
        type: `com.netsuite.${record.type}.${OPERATIONS[context.type] || context.type}`,
        time: new Date().toISOString(), datacontenttype: "application/json", data: describe(record),
      });
      const reason = post(runtime.getCurrentScript(), body);
      if (reason) log.error({ title: "billtrail: not sent", details: `${reason} ${body}` });
    };

    return { afterSubmit };
  });
