namespace Lanyard.Names;

/// <summary>How two words that differ are one.</summary>
internal enum WordLikeness
{
    /// <summary>They are not.</summary>
    None,

    /// <summary>One is short for the other, or has another first letter: there are other words of which that is true.</summary>
    Related,

    /// <summary>One is the other misspelt, or of several.</summary>
    Misspelt,
}
