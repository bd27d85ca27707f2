namespace Lanyard;

/// <summary>What a refit must bring to be complete.</summary>
public enum RefitScope
{
    /// <summary>Every slot of every parameter: what a trainer sends after a step. Anything left out is an error.</summary>
    Whole,

    /// <summary>
    /// Any slots; the others keep their weights. A parameter that a post-load method replaced must still come whole, since nothing is
    /// left of its model layout.
    /// </summary>
    Subset,
}
