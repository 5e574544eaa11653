import { note } from './note.ts';

note('migrate runs');
