/** State that is exported, which does without being opened. */
@NullMarked
package dev.glissade.consumer.exported;

import org.jspecify.annotations.NullMarked;
