import { holderOfStateFolder, readStatus } from './state-folder.ts';

const status = readStatus();
if (status === null) {
  const starting = holderOfStateFolder();
  console.error(
    starting === null
      ? 'Guildhall does not run here: start it with npm start.'
      : `Guildhall is starting (process ${starting}).`,
  );
  process.exit(1);
}
console.log(JSON.stringify(status, null, 2));
