using Lanyard.Index;

namespace Lanyard.Live;

/// <summary>What does not go together with memory that an engine's function makes.</summary>
internal static class AllocatedMemory
{
    /// <summary>Refuses to map files where the parameters are to lie elsewhere.</summary>
    /// <exception cref="ModelStateException">The options ask for it, and a module has its memory of a function.</exception>
    public static void Check(ModelIndex index, LoadOptions options)
    {
        if (options.Mode == LoadMode.Map && index.Modules.FirstOrDefault(module => module.Set.Allocator is not null) is { } module)
            throw new ModelStateException($"{module.Set.Map.Type} has memory that a given function makes, and LoadMode.Map would put its parameters into the mapped file instead: load with LoadMode.Copy, or make the model without the function.");
    }
}
