namespace Lanyard.Names;

/// <summary>How a name that came and one that is wanted may be one, the surest first.</summary>
internal enum NameRelation
{
    /// <summary>It is spelled otherwise, with another case, or misspelt.</summary>
    Spelled,

    /// <summary>It has a short form of a word, or a word more that says nothing: true of other names, too, so that more must speak for it.</summary>
    Related,

    /// <summary>It stands at another place, below another name.</summary>
    Moved,
}
