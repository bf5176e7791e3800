/** What teachers can link to, by id. */
export const readings: Record<string, { title: string; text: string }> = {
  rhetoric: { title: 'Aristotle, Rhetoric', text: 'Rhetoric is the counterpart of dialectic.' },
  orator: { title: 'Cicero, On the Orator', text: 'Nothing seems to me more excellent than the power to hold an assembly by speech.' },
};
