using TorchSharp;

namespace Lanyard.Index;

/// <summary>A registered parameter that no map describes: nothing could load it.</summary>
/// <param name="Name">The full name.</param>
/// <param name="Expected">What was expected instead, for messages.</param>
internal readonly record struct UnmappedTensor(string Name, string Expected)
{
    /// <summary>A parameter of a module without a map.</summary>
    public static UnmappedTensor WithoutMap(string name, torch.nn.Module module) => new(name, $"{module.GetType().Name} to be a class with [ParameterModule]");

    /// <summary>A parameter that is registered beside those of a map.</summary>
    public static UnmappedTensor Beside(string name, ModuleMap map) => new(name, $"{map.Type} to declare a property with [Parameter]");

    /// <summary>The parameters of a module that is registered beside the children of another.</summary>
    /// <param name="path">The full name of the module.</param>
    /// <param name="module">The module.</param>
    /// <param name="map">The map of the other.</param>
    public static IEnumerable<UnmappedTensor> Within(string path, torch.nn.Module module, ModuleMap map) =>
        module.named_parameters(recurse: false).Select(parameter => new UnmappedTensor($"{path}.{parameter.name}", $"{map.Type} to declare a property that holds the module"))
            .Concat(module.named_children().SelectMany(child => Within($"{path}.{child.name}", child.module, map)));
}
