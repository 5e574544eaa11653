import { standFor } from './note.ts';

standFor('worker');
