// npm run build: compiles the product to dist, as the image and npm start run it.
import { compile } from './compile.mjs';

await compile();
