/**
 * Dense matrices for steps that multiply them: arithmetic on kept arrays, and the interface by
 * which a library takes part.
 */
@NullMarked
package dev.glissade.algebra;

import org.jspecify.annotations.NullMarked;
