// The tool's pages.
const escape = (text) => String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const json = (value) => escape(JSON.stringify(value));
const page = (body) => `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Question of the day</title>\n${body}\n`;
const hidden = (fields) => Object.entries(fields)
  .map(([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`).join('\n');

export const goOn = ({ storage, url }) =>
  page(`<body data-login="${json({ storage, url })}"><script type="module" src="/go-on.js"></script>`);

export const askStorage = (storage, { id_token, state }) => page(`<body data-storage="${json(storage)}">
<form method="post" action="/launch">${hidden({ id_token, state, stored: '' })}</form>
<script type="module" src="/ask-storage.js"></script>`);

export const question = ({ user }, ticket) => page(`<h1>Welcome, ${escape(user?.name ?? 'visitor')}</h1>
${ticket ? `<form method="post" action="/answer">${hidden({ ticket })}
<p>Whose speeches against Mark Antony are called Philippics?</p>
<button name="answer" value="Demosthenes">Demosthenes</button>
<button name="answer" value="Cicero">Cicero</button>
</form>` : '<p>Students who open this as an assignment are asked a question.</p>'}`);

export const answered = (points) => page(`<h1>${points > 0 ? 'Right' : 'Wrong'}</h1>\n<p>Your points are in the gradebook: ${points} of 1</p>`);

export const refused = ({ code, message }) => page(`<h1>Refused</h1>\n<p>${escape(code)}: ${escape(message)}</p>`);
