import { type KeyObject, randomBytes, sign } from 'node:crypto';
import { der } from './der.ts';

const sha256WithRsa = '1.2.840.113549.1.1.11';
const commonName = '2.5.4.3';

/** A self-signed X.509 v1 certificate in PEM around an RSA key: Google's own clients read the keys in this form. */
export function selfSignedCertificate(
  name: string,
  publicKey: KeyObject,
  privateKey: KeyObject,
  from: Date,
  until: Date,
): string {
  const algorithm = der.sequence(der.objectId(sha256WithRsa), der.nothing());
  const subject = der.sequence(der.set(der.sequence(der.objectId(commonName), der.text(name))));
  const serial = randomBytes(8);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const body = der.sequence(
    der.integer(serial),
    algorithm,
    subject,
    der.sequence(der.utcTime(from), der.utcTime(until)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const certificate = der.sequence(body, algorithm, der.bitString(sign('sha256', body, privateKey)));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
