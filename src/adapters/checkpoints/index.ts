export { fileSink } from './file-sink.js';
export { syslogMessage, syslogSink } from './syslog-sink.js';
