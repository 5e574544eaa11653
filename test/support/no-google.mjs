// Loaded before every test and into every process that tests start: no socket reaches a real Google host, whatever the
// code under test believes to talk to.
import net from 'node:net';

const GOOGLE = /(^|\.)(google|googleapis|googleusercontent|gstatic|gmail)\.com$/i;

const hostOf = ([first, second]) => {
  const options = Array.isArray(first) ? first[0] : first;
  return typeof options === 'object' && options !== null ? options.host : second;
};

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function refuseGoogle(...args) {
  const host = hostOf(args);
  if (typeof host === 'string' && GOOGLE.test(host)) throw new Error(`tests never contact a real Google host: ${host}`);
  return connect.apply(this, args);
};
