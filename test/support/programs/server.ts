import { standFor } from './note.ts';

standFor('server');
