/**
 * Parameters, an optimizer's state and whatever else a run needs, in one safetensors file: {@link
 * dev.glissade.checkpoint.Checkpoint}; a folder of them: {@link
 * dev.glissade.checkpoint.Checkpoints}; the files themselves: {@link
 * dev.glissade.checkpoint.Safetensors}; replacing any file as a whole: {@link
 * dev.glissade.checkpoint.AtomicFile}.
 */
@NullMarked
package dev.glissade.checkpoint;

import org.jspecify.annotations.NullMarked;
