import fc from 'fast-check';

fc.configureGlobal({ seed: 20_161_231, endOnFailure: true });
