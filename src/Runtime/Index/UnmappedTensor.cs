using TorchSharp;

namespace Lanyard.Index;

/// <summary>A registered parameter that no map describes: nothing could load it.</summary>
/// <param name="Name">The full name.</param>
/// <param name="Expected">What was expected instead, for messages.</param>
internal readonly record struct UnmappedTensor(string Name, string Expected)
{
    /// <summary>Whether it stands for a whole module, with all that is below it.</summary>
    public bool IsModule { get; private init; }

    /// <summary>The parameters of a module without a map, or the module itself, where TorchSharp named what is in it by fields that have no names in the code.</summary>
    /// <param name="path">The full name of the module.</param>
    /// <param name="module">The module.</param>
    public static IEnumerable<UnmappedTensor> WithoutMap(string path, torch.nn.Module module)
    {
        var names = module.named_parameters(recurse: false).Select(parameter => parameter.name).ToList();
        var expected = module.GetType().Assembly == typeof(torch).Assembly
            ? $"a [Parameter] of the class that holds it: {module.GetType().Name} is TorchSharp's, and has no map; declare one, or take a layer of Lanyard.Models.Layers"
            : $"{module.GetType().Name} to be a class with [ParameterModule]";
        return names.Concat(module.named_children().Select(child => child.name)).Any(IsOfField)
            ? [new(path, expected) { IsModule = true }]
            : names.Select(name => new UnmappedTensor($"{path}.{name}", expected));
    }

    /// <summary>A parameter that is registered beside those of a map.</summary>
    public static UnmappedTensor Beside(string name, ModuleMap map) => new(name, $"{map.Type} to declare a property with [Parameter]");

    /// <summary>The parameters of a module that is registered beside the children of another.</summary>
    /// <param name="path">The full name of the module.</param>
    /// <param name="module">The module.</param>
    /// <param name="map">The map of the other.</param>
    public static IEnumerable<UnmappedTensor> Within(string path, torch.nn.Module module, ModuleMap map) =>
        module.named_parameters(recurse: false).Select(parameter => new UnmappedTensor($"{path}.{parameter.name}", $"{map.Type} to declare a property that holds the module"))
            .Concat(module.named_children().SelectMany(child => Within($"{path}.{child.name}", child.module, map)));

    // "<Mlp>k__BackingField", the field behind a property: the compiler's own names begin so.
    private static bool IsOfField(string name) => name.StartsWith('<');
}
