/**
 * Checkpoints in safetensors files. {@link dev.glissade.checkpoint.Checkpoint} holds parameters, an
 * optimizer's state and whatever else a run needs, {@link dev.glissade.checkpoint.Checkpoints}
 * manages a folder of them, {@link dev.glissade.checkpoint.Safetensors} reads and writes any such
 * file, and {@link dev.glissade.checkpoint.AtomicFile} replaces any file atomically.
 */
@NullMarked
package dev.glissade.checkpoint;

import org.jspecify.annotations.NullMarked;
