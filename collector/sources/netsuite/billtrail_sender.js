/**
 * Sends what happens to projects, time, charges, invoices and payments to Billtrail.
 *
 * Deploy as a user event script on Project (job), Time (timebill), Charge, Invoice and Customer Payment. Script parameters:
 * custscript_billtrail_url (the door, https://…/v1/sources/netsuite) and custscript_billtrail_secret (an API secret's id).
 * A post that fails is logged under the title "billtrail: not sent", with the whole event, to be sent again.
 *
 * @NApiVersion 2.1
 * @NScriptType UserEventScript
 */
define(["N/https", "N/runtime", "N/crypto", "N/crypto/random", "N/encode", "N/log"],
  (https, runtime, crypto, random, encode, log) => {
    const OPERATIONS = { create: "created", edit: "changed", xedit: "changed", delete: "deleted", approve: "changed" };

    const text = (record, field) => String(record.getValue({ fieldId: field }) ?? "");

    const readLines = (record, sublist, fields) => {
      const count = Math.max(record.getLineCount({ sublistId: sublist }), 0);
      return Array.from({ length: count }, (_, line) => Object.fromEntries(Object.entries(fields).map(
        ([name, fieldId]) => [name, String(record.getSublistValue({ sublistId: sublist, fieldId, line }) ?? "")])));
    };

    const describe = (record) => {
      const data = {
        accountId: runtime.accountId, recordType: record.type, internalId: String(record.id),
        externalId: text(record, "externalid"), tranId: text(record, "tranid"), project: text(record, "job"),
        contractId: text(record, "custbody_crm_contract") || text(record, "custentity_crm_contract"),
        customer: record.getText({ fieldId: "entity" }) || "", subsidiary: record.getText({ fieldId: "subsidiary" }) || "",
        currency: record.getText({ fieldId: "currency" }) || "", stage: record.getText({ fieldId: "stage" }) || "",
        amount: text(record, "amount"), total: text(record, "total") || text(record, "payment"),
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

    const afterSubmit = (context) => {
      const record = context.type === context.UserEventType.DELETE ? context.oldRecord : context.newRecord;
      const now = new Date();
      const event = {
        specversion: "1.0", id: random.generateUUID(), source: `/netsuite/${runtime.accountId}`,
        type: `com.netsuite.${record.type}.${OPERATIONS[context.type] || context.type}`,
        time: now.toISOString(), datacontenttype: "application/json", data: describe(record),
      };
      const body = JSON.stringify(event);
      const script = runtime.getCurrentScript();
      try {
        const response = https.post({
          url: script.getParameter({ name: "custscript_billtrail_url" }),
          body,
          headers: {
            "Content-Type": "application/cloudevents+json",
            "X-Billtrail-Signature":
              sign(script.getParameter({ name: "custscript_billtrail_secret" }), Math.floor(now / 1000), body),
          },
        });
        if (response.code >= 300) log.error({ title: "billtrail: not sent", details: `${response.code} ${body}` });
      } catch (error) {
        log.error({ title: "billtrail: not sent", details: `${error.name} ${body}` });
      }
    };

    return { afterSubmit };
  });
