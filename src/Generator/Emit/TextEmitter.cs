using Lanyard.Generator.Models;

namespace Lanyard.Generator.Emit;

/// <summary>Writes what shows a model as text, where the author has not.</summary>
internal static class TextEmitter
{
    public static void Emit(CodeWriter writer, ModuleModel module)
    {
        if (module.HasText) return;
        writer.Lines("""
            /// <summary>The tree of modules with the names, types and shapes of their parameters. <see cref="global::Lanyard.DescribeExtensions.Describe"/> tells more.</summary>
            public override string ToString() => global::Lanyard.DescribeExtensions.Outline(this);

            """);
    }
}
