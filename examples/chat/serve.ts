// npm run example:chat: the page, its small server and two people, on the local stack that `npm start` runs.
import { readStatus } from '../../scripts/local/state-folder.ts';
import { startApplication } from './application.ts';
import { newFriends } from './people.ts';

const PORT = 5173;

const status = readStatus();
if (status === null) {
  console.error(
    `Start the stack first, in another terminal:\n\n  GUILDHALL_ALLOWED_ORIGINS=http://127.0.0.1:${PORT} npm start`,
  );
  process.exit(1);
}
const people = await newFriends(status);
const { origin } = await startApplication(people, `${status.functionsUrl}/gateway`, PORT);
console.log(
  'Open each in a browser of its own (a private window is one), or they share their cookies:\n',
);
for (const [index, { name }] of people.entries()) {
  console.log(`  ${name}  ${origin}/sign-in/${index + 1}`);
}
