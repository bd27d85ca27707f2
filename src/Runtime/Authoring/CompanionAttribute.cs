namespace Lanyard;

/// <summary>Declares a tensor beside the codes of an encoding: scales, zero points, a table, the groups of columns.</summary>
/// <param name="name">The name that <see cref="ValueAttribute"/> uses.</param>
/// <param name="tensor">How its name ends, where that of the codes has its own end: <c>weight_scale</c>.</param>
/// <param name="covers">
/// Which block of values an element covers: for each axis, counted from the last, a number of positions, or <c>*</c> for all of them;
/// axes before those have one element for each position, and an empty text is one element for all values. <c>"1 32"</c>: 32 columns of a row.
/// Blocks begin at the first position and the last may be partial. Of the stored tensor, axes that are covered as a whole may be left out;
/// dots at the end are axes of one element that it has besides. Several texts are alternatives, told apart by the shape that is stored.
/// None: the tensor is a table, for <c>name[code]</c>.
/// </param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class CompanionAttribute(string name, string tensor, params string[] covers) : Attribute
{
    /// <summary>The name that the arithmetic uses.</summary>
    public string Name { get; } = name;

    /// <summary>How the name of the tensor ends.</summary>
    public string Tensor { get; } = tensor;

    /// <summary>Which block of values an element covers.</summary>
    public string[] Covers { get; } = covers;

    /// <summary>What an element stands for.</summary>
    public CodeType Type { get; set; }

    /// <summary>The bits of an element, where several lie in a word.</summary>
    public int Bits { get; set; }

    /// <summary>The bits of a word.</summary>
    public int Word { get; set; }

    /// <summary>The axis along which elements are packed, of the grid of blocks, counted from the end.</summary>
    public int Axis { get; set; } = -1;

    /// <summary>Where elements lie that are not in order, as for <see cref="CodesAttribute.Order"/>.</summary>
    public int[]? Order { get; set; }

    /// <summary>
    /// The companion that has the number of the block for each position along the one axis that it does not cover as a whole, as <c>g_idx</c>
    /// does. A number of -1 in it means that blocks follow each other after all.
    /// </summary>
    public string? Through { get; set; }

    /// <summary>
    /// The number that it has for all values where a checkpoint has none of it: 1 for a scale that may be missing, 0 for a zero point. It is there for
    /// all tensors of a source or for none. Not given, it may not stay away; a table, and what others go through, never may.
    /// </summary>
    public double Absent { get; set; }

    /// <summary>Of <see cref="CodeType.Json"/>, the field that has the number.</summary>
    public string? Field { get; set; }
}
