using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;

namespace Lanyard.Generator.Emit;

/// <summary>Writes the implementing part of a property.</summary>
internal static class PropertyEmitter
{
    public static void Emit(CodeWriter writer, ParameterModel parameter, int index)
    {
        var type = "global::TorchSharp.Modules.Parameter" + (parameter.IsNullable ? "?" : "");
        var head = $"{parameter.Modifiers}partial {type} {Identifiers.Escape(parameter.Property)}";
        var read = $"=> Parameters.{(parameter.IsNullable ? "ReadOptional" : "Read")}({index}, {(parameter.IsSettable ? "field" : "null")});";
        if (parameter.Accessors is [{ Keyword: "get" }]) writer.Lines($"{head} {read}");
        else writer.Block(head, () => Accessors(writer, parameter, index, read));
        writer.Lines("");
    }

    private static void Accessors(CodeWriter writer, ParameterModel parameter, int index, string read)
    {
        foreach (var accessor in parameter.Accessors)
        {
            var head = accessor.Modifiers + accessor.Keyword;
            var accepted = $"Parameters.Accept({index}, value)";
            var register = $"ConditionallyRegisterParameter({Literals.Text(parameter.Name)}, {(parameter.IsSettable ? "field" : accepted)});";
            if (accessor.Keyword == "get") writer.Lines($"{head} {read}");
            else if (!parameter.IsSettable) writer.Lines($"{head} => {register}");
            else writer.Block(head, () => writer.Lines($"field = {accepted};\n{register}"));
        }
    }
}
