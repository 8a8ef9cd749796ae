/** What did not fit the model's context. */
export const leftOut = {
  "leftOut.gone": "{count, plural, other:# 条较早的消息}被略去，因为此模型一次读不了更多内容。",
  "leftOut.meter": "最早的消息已放不下：模型读取了 {used} / {length} 个词元。",
  "leftOut.summarised": "{count, plural, other:# 条较早的消息}已被概括，因为此模型一次读不了更多内容。",
};
