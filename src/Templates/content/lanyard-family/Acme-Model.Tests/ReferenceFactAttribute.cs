using System.Reflection;

namespace Acme.Models.Tests;

/// <summary>A test that needs what a reference computed, and is skipped while nobody has put it there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute()
    {
        if (File.Exists(Path.Combine(Folder, "expected.safetensors"))) return;
        Skip = "That the outputs are right is not tested: there is no reference/expected.safetensors. The README there says how to make it.";

        // What dotnet test prints of a skipped test is its name.
        DisplayName = Skip;
    }

    public static string Folder { get; } =
        typeof(ReferenceFactAttribute).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ReferenceFolder").Value!;
}
