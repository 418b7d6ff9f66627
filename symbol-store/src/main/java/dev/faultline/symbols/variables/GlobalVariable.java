package dev.faultline.symbols.variables;

/**
 * A global of an image.
 *
 * @param image the name of the image
 * @param file the source file of its unit, with its directory
 */
public record GlobalVariable(String image, String file, Variable variable) {}
