using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>One output of a conversion as a declaration.</summary>
/// <param name="Name">The tensor in the model.</param>
/// <param name="Pattern">The parameter's pattern.</param>
/// <param name="Dimension">The dimension of the output that the ranks divide.</param>
/// <param name="Held">For each of two ranks, which indices of that dimension it holds, worked out by hand.</param>
/// <param name="Sources">The tensors that fill it.</param>
internal sealed record ConvertedParameter(string Name, string Pattern, int Dimension, string[] Held, params LayoutSource[] Sources);
