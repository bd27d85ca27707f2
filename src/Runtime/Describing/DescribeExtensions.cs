using System.Collections.Immutable;
using System.ComponentModel;
using Lanyard.Describing;
using Lanyard.Index;

namespace Lanyard;

/// <summary>Showing what a model is made of, and where its values come from.</summary>
public static class DescribeExtensions
{
    /// <summary>
    /// The tree of a model as text, before any file is there: each module with its axes, each parameter with its layout, its shape in the whole model
    /// and on this rank, its element type, the tensors that fill it and what happens to their values on the way. Items of a list that are alike are
    /// shown once.
    /// </summary>
    /// <remarks>
    /// No value is read, so that a model may be shown in any state: in a constructor, on the meta device, torn. What cannot be told is said in its
    /// place, and nothing is thrown.
    /// </remarks>
    /// <param name="model">The module: the root of a model, or a part of it.</param>
    /// <returns>Several lines, without a line end after the last.</returns>
    public static string Describe(this IParameterModule model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ModelText(isDetailed: true).Of(model);
    }

    /// <summary>
    /// The tensors of a checkpoint from which the model would be loaded whole: what a file must hold, what a trainer sends. A tensor comes once for
    /// each source of a parameter that takes elements of it, and with it come those that stand beside its codes.
    /// </summary>
    /// <param name="model">The module: the root of a model, or a part of it. Of a rank it is all that the whole model takes, but for parameters that only other pipeline stages hold.</param>
    /// <param name="format">
    /// The format of each parameter that has one of this name; the others are in the first that they declare. The empty string is the sources without a
    /// format. Null: the first of each.
    /// </param>
    /// <exception cref="ArgumentException">No parameter has the format.</exception>
    /// <exception cref="InvalidOperationException">The model's own declarations contradict each other.</exception>
    public static ImmutableArray<ExpectedTensor> ExpectedTensors(this IParameterModule model, string? format = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. Describing.ExpectedTensors.Of(ModelIndex.Of(model.Parameters), format)];
    }

    /// <summary>The tree in short, with the names, types and shapes of what this rank holds: what the generated <c>ToString</c> returns.</summary>
    /// <param name="model">The module.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static string Outline(IParameterModule model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ModelText(isDetailed: false).Of(model);
    }
}
