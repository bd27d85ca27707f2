namespace Lanyard.Generator.Models;

/// <summary>What a property that holds children looks like.</summary>
public enum ChildKind
{
    /// <summary>One module.</summary>
    Single,

    /// <summary>A module list of TorchSharp, itself a module.</summary>
    ModuleList,

    /// <summary>Any other list of modules.</summary>
    List,
}
