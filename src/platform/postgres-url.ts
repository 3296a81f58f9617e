const FORM = 'postgres://user:password@host:5432/database';
const ENCODE =
  'percent-encode the special characters of user and password: %23 for #, %2F for /, %3F for ?, %40 for @, %25 for %';

/** What keeps a text from being the address of a PostgreSQL, as a sentence goes on; undefined where nothing does. It repeats no password. */
export function postgresUrlProblem(text: string): string | undefined {
  if (!/^postgres(ql)?:\/\//.test(text)) return `must be a URL of the form ${FORM}`;
  // A user without a host, or no authority at all: the form of a socket, which names its folder in the query.
  if (/^postgres(ql)?:\/\/([^/?#]*@)?(\/|\?|$)/.test(text))
    return `names no host. For a socket, name its folder as the host, percent-encoded: ${FORM.replace('host:5432', '%2Fvar%2Frun%2Fpostgresql')}`;
  if (!URL.canParse(text)) return `cannot be read as ${FORM}: ${ENCODE}`;
  const url = new URL(text);
  // The password ended where the URL has a character with a meaning: the rest of it is now path, query or fragment.
  const isCut = url.hash !== '' || url.pathname.includes('@') || (url.username === '' && url.search.includes('@'));
  return isCut || ![url.username, url.password, url.hostname].every(isEncoded)
    ? `cannot be read as ${FORM}: ${ENCODE}`
    : undefined;
}

function isEncoded(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}
