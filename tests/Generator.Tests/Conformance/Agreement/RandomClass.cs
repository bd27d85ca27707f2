using System.Text;

namespace Lanyard.Generator.Tests.Conformance.Agreement;

/// <summary>A class of a random family.</summary>
/// <param name="name">Its name.</param>
internal sealed class RandomClass(string name)
{
    public string Name { get; } = name;

    /// <summary>The axes; their members are the names in upper case.</summary>
    public List<string> Axes { get; } = [];

    /// <summary>What optional parameters depend on: names in lower case, members as <c>HasX</c>.</summary>
    public List<string> Flags { get; } = [];

    /// <summary>Those that all instances have.</summary>
    public List<string> Always { get; } = [];

    public List<RandomChild> Children { get; } = [];

    /// <summary>The declarations of parameters.</summary>
    public List<string> Parameters { get; } = [];

    /// <summary>What stands before the class, a line each.</summary>
    public List<string> Attributes { get; } = [];

    /// <summary>The class as an author writes it; sizes are asked by the place of the module and the name of the axis.</summary>
    public string Source
    {
        get
        {
            var text = new StringBuilder("[ParameterModule]\n");
            foreach (var attribute in Attributes) text.Append(attribute).Append('\n');
            text.Append($"public sealed partial class {Name} : Module<Tensor, Tensor>\n{{\n    [Axis(\"gate\", \"up\")] private const int P = 2;\n\n");
            text.Append($"    public {Name}(Func<string, int> size, string path) : base(\"{Name}\")\n    {{\n");
            foreach (var axis in Axes) text.Append($"        {Member(axis)} = size(path + \"{axis}\");\n");
            foreach (var flag in Flags) text.Append($"        Has{Member(flag)} = size(path + \"?{flag}\") == 1;\n");
            foreach (var child in Children) text.Append($"        {Member(child.Name)} = {Made(child)};\n");
            text.Append("        RegisterComponents();\n    }\n\n");
            foreach (var axis in Axes) text.Append($"    [Axis(Config = \"{Name}.{axis}\")] public int {Member(axis)} {{ get; }}\n");
            foreach (var flag in Flags) text.Append($"    public bool Has{Member(flag)} {{ get; }}\n    public bool Lacks{Member(flag)} => !Has{Member(flag)};\n");
            foreach (var child in Children)
            {
                var type = child.Classes.Count > 1 ? "Module<Tensor, Tensor>" : child.Classes[0].Name;
                text.Append($"    [Child({string.Join(", ", child.Classes.Select(one => $"typeof({one.Name})"))}{(child.Axes is null ? "" : $", Axes = \"{child.Axes}\"")}{(child.When is null ? "" : $", When = nameof(Has{Member(child.When)})")})]\n");
                text.Append($"    public {(child.IsList ? $"ModuleList<{type}>" : child.IsOptional ? type + "?" : type)} {Member(child.Name)} {{ get; }}\n");
            }
            foreach (var parameter in Parameters) text.Append('\n').Append(parameter);
            return text.Append("\n    public override Tensor forward(Tensor input) => input;\n}\n").ToString();
        }
    }

    public static string Member(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static string Made(RandomChild child)
    {
        if (child.IsList) return $"new([.. Enumerable.Range(0, size(path + \"{child.Name}.#\")).Select(i => {One($"path + \"{child.Name}.\" + i + \".\"")})])";
        var made = One($"path + \"{child.Name}.\"");
        if (child.When is not null) return $"Has{Member(child.When)} ? {made} : null";
        return child.IsOptional ? $"size(path + \"{child.Name}.#\") == 1 ? {made} : null" : made;

        string One(string path) => child.Classes.Count == 1
            ? $"new {child.Classes[0].Name}(size, {path})"
            : $"size({path} + \"!\") == 0 ? (Module<Tensor, Tensor>)new {child.Classes[0].Name}(size, {path}) : new {child.Classes[1].Name}(size, {path})";
    }
}
