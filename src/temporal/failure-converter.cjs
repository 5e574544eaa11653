// Temporal loads this file by path, with require. It moves messages and stack traces into a payload, which the codec encrypts.
const { DefaultFailureConverter } = require('@temporalio/common');

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
