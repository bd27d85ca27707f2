using Lanyard;
using Lanyard.Checkpoints;
using Lanyard.Server;

// A model that answers while a trainer gives it new weights: dotnet run --project samples/Server -- FOLDER [--urls http://127.0.0.1:5000]
if (args is not [var folder, .. var rest])
{
    Console.Error.WriteLine("Say which checkpoint to serve: a folder with config.json and safetensors.");
    return 2;
}
var builder = WebApplication.CreateBuilder(rest);
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, Messages.Default));
builder.Services.AddHealthChecks().AddCheck<ModelHealth>("model");
builder.Services.AddSingleton(services => new Served(AutoModel.FromPretrained(folder), services.GetRequiredService<ILogger<Served>>()));
var app = builder.Build();

// Before the first request, which would wait for it.
_ = app.Services.GetRequiredService<Served>();
app.MapHealthChecks("/health");
app.MapGet("/status", (Served served) => served.Status());
app.MapPost("/generate", (Served served, Prompt prompt, CancellationToken stopped) => served.Generate(prompt, stopped));
app.MapPost("/refits", (Served served, NewRefit refit) => Results.Ok(served.Begin(refit)));
app.MapPost("/refits/{number}/weights", (Served served, int number, Weights weights) => Results.Ok(served.Write(number, weights)));
app.MapPost("/refits/{number}/prepare", (Served served, int number) => Results.Ok(served.Prepare(number)));
app.MapPost("/refits/{number}/commit", (Served served, int number, CancellationToken stopped) => Results.Ok(served.Commit(number, stopped)));
app.MapDelete("/refits/{number}", (Served served, int number, string? reason) => served.End(number, reason));
app.MapPost("/adapter", (Served served, Weights adapter) => Results.Ok(served.Attach(adapter)));
app.MapDelete("/adapter", (Served served) => served.Detach());
app.MapGet("/slots", (Served served) => served.Slots());
app.Use(async (context, next) =>
{
    try
    {
        await next(context);
    }
    catch (Exception e) when (e is LanyardException or KeyNotFoundException)
    {
        // What was wrong with the request, or came at the wrong time, is told; the model is as it was.
        context.Response.StatusCode = e is KeyNotFoundException ? 404 : e is ModelStateException ? 409 : 400;
        await context.Response.WriteAsJsonAsync(new Refusal(e.Message), Messages.Default.Refusal);
    }
});
app.Run();
return 0;
