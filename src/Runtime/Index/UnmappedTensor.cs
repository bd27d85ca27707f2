namespace Lanyard.Index;

/// <summary>A registered parameter that no map describes: nothing could load it.</summary>
/// <param name="Name">The full name.</param>
/// <param name="Module">The class of the module that holds it.</param>
/// <param name="HasMap">Whether that class has a map, which does not have the parameter.</param>
internal readonly record struct UnmappedTensor(string Name, string Module, bool HasMap)
{
    /// <summary>What was expected instead, for messages.</summary>
    public string Expected => HasMap ? $"{Module} to declare a property with [Parameter]" : $"{Module} to be a class with [ParameterModule]";
}
