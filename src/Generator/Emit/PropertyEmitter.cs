using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;

namespace Lanyard.Generator.Emit;

/// <summary>Writes the implementing part of a property.</summary>
internal static class PropertyEmitter
{
    public static void Emit(CodeWriter writer, ParameterModel parameter, int index)
    {
        var type = "global::TorchSharp.Modules.Parameter" + (parameter.IsNullable ? "?" : "");
        var read = parameter.IsNullable ? "ReadOptional" : "Read";
        var storage = parameter.HasStorage;
        var head = $"{parameter.Modifiers}partial {type} {Identifiers.Escape(parameter.Property)}";
        var get = $"=> Parameters.{read}({index}, {(storage ? "field" : "null")});";
        if (parameter.Accessors is [{ Keyword: "get" }]) writer.Lines($"{head} {get}");
        else writer.Block(head, () =>
        {
            foreach (var accessor in parameter.Accessors)
            {
                var accepted = $"Parameters.Accept({index}, value)";
                var register = $"ConditionallyRegisterParameter({Literals.Text(parameter.Name)}, {(storage ? "field" : accepted)});";
                if (accessor.Keyword == "get") writer.Lines($"{accessor.Modifiers}get {get}");
                else if (!storage) writer.Lines($"{accessor.Modifiers}{accessor.Keyword} => {register}");
                else writer.Block(accessor.Modifiers + accessor.Keyword, () => writer.Lines($"field = {accepted};\n{register}"));
            }
        });
        writer.Lines("");
    }
}
