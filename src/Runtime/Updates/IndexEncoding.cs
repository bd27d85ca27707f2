namespace Lanyard;

/// <summary>How the indices of a patch are written.</summary>
public enum IndexEncoding
{
    /// <summary>Each by itself, in any order.</summary>
    Flat,

    /// <summary>The first by itself, each other as its distance from the one before it.</summary>
    Deltas,
}
