namespace Lanyard.Generator.Conformance.Sizes;

/// <summary>Whether there are sizes that satisfy all constraints.</summary>
internal enum SizeVerdict
{
    /// <summary>There are.</summary>
    Possible,

    /// <summary>There are none.</summary>
    Impossible,

    /// <summary>To find out would take too long.</summary>
    Open,
}
