package dev.glissade.contrib;

import dev.glissade.Tree;

/**
 * A square matrix for each side of each matrix of a tree, as {@link ScaleBySoap} and {@link
 * ScaleByShampoo} keep them: a part of their states. Sides that are too long have no leaf.
 *
 * @param left those of the rows
 * @param right those of the columns
 */
public record Sides(Tree left, Tree right) {}
