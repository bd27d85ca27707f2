namespace Lanyard.Index;

/// <summary>A registered parameter that no map describes: nothing could load it.</summary>
/// <param name="Name">The full name.</param>
/// <param name="Module">The class of the module that holds it.</param>
internal readonly record struct UnmappedTensor(string Name, string Module)
{
    /// <summary>What was expected instead, for messages.</summary>
    public string Expected => $"{Module} to be a class with [ParameterModule]";
}
