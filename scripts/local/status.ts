import { readStatus } from './state-folder.ts';

const status = readStatus();
if (status === null) {
  console.error('Guildhall does not run here: start it with npm start.');
  process.exit(1);
}
console.log(JSON.stringify(status, null, 2));
