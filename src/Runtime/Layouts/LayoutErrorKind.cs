namespace Lanyard.Layouts;

/// <summary>What is wrong with a layout, in the order in which errors are found.</summary>
public enum LayoutErrorKind
{
    /// <summary>The text does not parse.</summary>
    Syntax,

    /// <summary>An axis places one element twice, or two parts have the same axes and tags.</summary>
    AxisTwice,

    /// <summary>An axis has no size.</summary>
    UnknownAxis,

    /// <summary>What a rank holds cuts a block.</summary>
    CutBlock,

    /// <summary>A source gives no element of the parameter.</summary>
    NoElement,

    /// <summary>Two sources give the same elements.</summary>
    Overlap,

    /// <summary>No source gives some elements of the parameter.</summary>
    Gap,
}
