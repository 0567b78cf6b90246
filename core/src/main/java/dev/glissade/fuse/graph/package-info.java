/**
 * The graph: nodes of deferred arithmetic, the operations and reductions that they apply, and
 * rewrites to cheaper expressions. Traced steps come in; a {@link Graph} of targets goes to the
 * planner. A new operation is an {@link Op}. A reduction is a {@link Reduction} of the whole tree,
 * a {@link LeafReduction} or an {@link AxisReduction}; a {@link Spread} is the way back.
 */
@NullMarked
package dev.glissade.fuse.graph;

import org.jspecify.annotations.NullMarked;
