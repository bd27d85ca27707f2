namespace Lanyard;

/// <summary>The layout that a parameter's value is in.</summary>
public enum ParameterLayout
{
    /// <summary>There is no value yet.</summary>
    Unset,

    /// <summary>The layout that the class declares.</summary>
    Model,

    /// <summary>What a post-load method made of it.</summary>
    Kernel,
}
