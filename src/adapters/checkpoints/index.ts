export { fileSink } from './file-sink.js';
export { syslogSink } from './syslog-sink.js';
